//! What holds for words: the files of the three languages agree, numbers and times follow their rules.

mod files;
mod numbers;
mod times;
