//! In: a tag. Out: its attributes by their local names, entities resolved. Knows no element.

use quick_xml::events::BytesStart;

/// The attributes of a tag by their local names.
pub(super) struct Attributes(Vec<(String, String)>);

impl Attributes {
    pub(super) fn of(tag: &BytesStart<'_>) -> std::result::Result<Attributes, quick_xml::Error> {
        let mut found = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute?;
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0)?;
            found.push((attribute.key.local_name().as_ref().to_owned(), value.trim().to_owned()));
        }
        Ok(Attributes(found))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
