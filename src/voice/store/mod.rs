//! In: an entry of the catalogue. Out: its files on disk.
