//! In: rows of text. Out: the same in columns, the last cut to the terminal's width. Knows nothing of what it shows.

/// Rows under headings.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

/// Columns of a terminal where the system does not say.
const WIDTH: usize = 100;

impl Table {
    pub(super) fn new(headings: &[&str]) -> Table {
        Table { rows: vec![headings.iter().map(|h| (*h).to_owned()).collect()] }
    }

    pub(super) fn row(&mut self, cells: &[String]) {
        self.rows.push(cells.to_vec());
    }

    /// All rows, aligned. The last column is cut on a terminal, and whole in a pipe.
    pub(super) fn text(&self) -> String {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width = |c: usize| self.rows.iter().filter_map(|r| r.get(c)).map(|t| t.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let terminal = std::io::IsTerminal::is_terminal(&std::io::stdout());
        let left: usize = widths.iter().rev().skip(1).map(|w| w + 2).sum();
        let last = if terminal { columns_of(std::io::stdout()).saturating_sub(left).max(10) } else { usize::MAX };
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for (c, cell) in row.iter().enumerate() {
                if c + 1 == columns {
                    line.push_str(&cut(cell, last));
                } else {
                    let pad = widths[c] - cell.chars().count() + 2;
                    line.push_str(cell);
                    line.extend(std::iter::repeat_n(' ', pad));
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// Columns of the terminal behind a stream.
#[cfg(unix)]
pub(super) fn columns_of(stream: impl std::os::fd::AsFd) -> usize {
    terminal_size::terminal_size_of(stream).map_or(WIDTH, |(width, _)| usize::from(width.0))
}

/// Columns of the terminal behind a stream.
#[cfg(windows)]
pub(super) fn columns_of(stream: impl std::os::windows::io::AsHandle) -> usize {
    terminal_size::terminal_size_of(stream).map_or(WIDTH, |(width, _)| usize::from(width.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(&["a", "long"]);
        table.row(&["déjà".into(), "x".into()]);
        assert_eq!(table.text(), "a     long\ndéjà  x\n");
        assert_eq!(cut("abcdef", 4), "abc…");
    }
}
