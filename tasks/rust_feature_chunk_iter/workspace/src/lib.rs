//! Cuts any iterator into chunks. See `instructions.md`.

use std::iter::FusedIterator;

/// Adds `chunked` to every iterator.
pub trait ChunkExt: Iterator + Sized {
    fn chunked(self, size: usize) -> Chunked<Self> {
        Chunked { source: self, size }
    }
}

impl<I: Iterator> ChunkExt for I {}

/// An iterator over chunks of another iterator.
#[derive(Clone, Debug)]
pub struct Chunked<I> {
    source: I,
    size: usize,
}

impl<I> Chunked<I> {
    /// What is left of the source.
    pub fn into_inner(self) -> I {
        self.source
    }
}

impl<I: Iterator> Iterator for Chunked<I> {
    type Item = Vec<I::Item>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.source.by_ref().take(self.size).collect())
    }
}

impl<I: DoubleEndedIterator + ExactSizeIterator> DoubleEndedIterator for Chunked<I> {
    fn next_back(&mut self) -> Option<Self::Item> {
        None
    }
}

impl<I: ExactSizeIterator> ExactSizeIterator for Chunked<I> {}

impl<I: Iterator> FusedIterator for Chunked<I> {}
