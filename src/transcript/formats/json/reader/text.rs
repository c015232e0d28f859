//! In: JSON at the opening quote of a string. Out: the string, borrowed where it holds no escapes. The part of the reader
//! that knows escapes.

use super::{HALF_CHARACTER, Json, RAW_CONTROL};
use crate::error::Result;
use std::borrow::Cow;

impl<'a> Json<'a> {
    /// The string whose opening quote is next.
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>> {
        self.at += 1;
        let mut whole = String::new();
        loop {
            let rest = &self.text[self.at..];
            let Some(stop) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | ..=0x1f)) else {
                self.at = self.text.len();
                return Err(self.unexpected("the closing quote of a string"));
            };
            let plain = &rest[..stop];
            self.at += stop;
            match rest.as_bytes()[stop] {
                b'"' => {
                    self.at += 1;
                    return Ok(if whole.is_empty() { Cow::Borrowed(plain) } else { Cow::Owned(whole + plain) });
                }
                b'\\' => {
                    whole.push_str(plain);
                    let escaped = self.escape()?;
                    whole.push(escaped);
                }
                _ => {
                    whole.push_str(plain);
                    whole.push(' ');
                    self.note(RAW_CONTROL);
                    self.at += 1;
                }
            }
        }
    }

    /// The character of the escape that is next.
    fn escape(&mut self) -> Result<char> {
        self.at += 1;
        let c = match self.text.as_bytes().get(self.at) {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(*c),
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err(self.unexpected("one of \"\\/bfnrtu after a backslash")),
        };
        self.at += 1;
        Ok(c)
    }

    /// The character whose four digits are next, or eight of them with `\u` between.
    fn unicode(&mut self) -> Result<char> {
        let first = self.four_digits()?;
        if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            let before = self.at;
            self.at += 2;
            let second = self.four_digits()?;
            let pair = char::decode_utf16([first, second]).next().and_then(std::result::Result::ok);
            match pair {
                Some(c) if second & 0xfc00 == 0xdc00 => return Ok(c),
                _ => self.at = before,
            }
        }
        Ok(char::from_u32(u32::from(first)).unwrap_or_else(|| {
            self.note(HALF_CHARACTER);
            char::REPLACEMENT_CHARACTER
        }))
    }

    fn four_digits(&mut self) -> Result<u16> {
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        match digits.and_then(|digits| u16::from_str_radix(digits, 16).ok()) {
            Some(unit) => {
                self.at += 4;
                Ok(unit)
            }
            None => {
                if self.text.len() < self.at + 4 {
                    self.at = self.text.len();
                }
                Err(self.unexpected("four hexadecimal digits after \\u"))
            }
        }
    }
}
