//! Cuts any iterator into chunks. See `instructions.md`.

use std::iter::FusedIterator;

/// Adds `chunked` to every iterator.
pub trait ChunkExt: Iterator + Sized {
    fn chunked(self, size: usize) -> Chunked<Self> {
        assert!(size > 0, "the chunk size must be at least 1");
        Chunked { source: self, size, ended: false }
    }
}

impl<I: Iterator> ChunkExt for I {}

/// An iterator over chunks of another iterator.
#[derive(Clone, Debug)]
pub struct Chunked<I> {
    source: I,
    size: usize,
    /// The source has said that it is empty; it is not asked again.
    ended: bool,
}

impl<I> Chunked<I> {
    /// What is left of the source.
    pub fn into_inner(self) -> I {
        self.source
    }

    fn chunks_in(&self, items: usize) -> usize {
        items / self.size + usize::from(items % self.size > 0)
    }

    fn collect(&mut self, count: usize, mut pull: impl FnMut(&mut I) -> Option<I::Item>) -> Option<Vec<I::Item>>
    where
        I: Iterator,
    {
        let mut chunk = Vec::new();
        while chunk.len() < count && !self.ended {
            match pull(&mut self.source) {
                Some(item) => chunk.push(item),
                None => self.ended = true,
            }
        }
        (!chunk.is_empty()).then_some(chunk)
    }
}

impl<I: Iterator> Iterator for Chunked<I> {
    type Item = Vec<I::Item>;

    fn next(&mut self) -> Option<Self::Item> {
        self.collect(self.size, I::next)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        if self.ended {
            return (0, Some(0));
        }
        let (least, most) = self.source.size_hint();
        (self.chunks_in(least), most.map(|most| self.chunks_in(most)))
    }
}

impl<I: DoubleEndedIterator + ExactSizeIterator> DoubleEndedIterator for Chunked<I> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let over = self.source.len() % self.size;
        let count = if over == 0 { self.size } else { over };
        let mut chunk = self.collect(count, I::next_back)?;
        chunk.reverse();
        Some(chunk)
    }
}

impl<I: ExactSizeIterator> ExactSizeIterator for Chunked<I> {}

impl<I: Iterator> FusedIterator for Chunked<I> {}
