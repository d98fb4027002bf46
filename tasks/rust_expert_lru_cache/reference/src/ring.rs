//! A doubly linked order over slot numbers; it holds no values.

/// Slot 0 is the ring's own head: before the first and after the last.
pub const HEAD: usize = 0;

#[derive(Clone, Copy)]
struct Link {
    newer: usize,
    older: usize,
}

pub struct Ring {
    links: Vec<Link>,
}

impl Ring {
    pub fn new() -> Self {
        Self { links: vec![Link { newer: HEAD, older: HEAD }] }
    }

    pub fn newest(&self) -> usize {
        self.links[HEAD].older
    }

    pub fn oldest(&self) -> usize {
        self.links[HEAD].newer
    }

    pub fn older(&self, slot: usize) -> usize {
        self.links[slot].older
    }

    pub fn push_newest(&mut self, slot: usize) {
        if slot >= self.links.len() {
            self.links.resize(slot + 1, Link { newer: HEAD, older: HEAD });
        }
        let older = self.newest();
        self.links[slot] = Link { newer: HEAD, older };
        self.links[older].newer = slot;
        self.links[HEAD].older = slot;
    }

    pub fn unlink(&mut self, slot: usize) {
        let Link { newer, older } = self.links[slot];
        self.links[newer].older = older;
        self.links[older].newer = newer;
    }

    pub fn renew(&mut self, slot: usize) {
        self.unlink(slot);
        self.push_newest(slot);
    }
}
