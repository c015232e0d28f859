<?xml version="1.0"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en">
<lexeme><grapheme>Nguyen</grapheme><grapheme>Win</grapheme><phoneme prefer="true">wɪn</phoneme><phoneme>x</phoneme></lexeme>
<lexeme><grapheme>W3C</grapheme><alias>World Wide &amp; Co</alias></lexeme>
</lexicon>
