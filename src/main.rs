fn main() { cuevox::voice::probe(); }
