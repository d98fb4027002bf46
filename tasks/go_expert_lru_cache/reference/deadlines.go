package lru

// forever is the index of an entry that never expires.
const forever = -1

// deadlines is a heap of the entries that expire, the earliest first.
type deadlines[K comparable, V any] []*entry[K, V]

func (d deadlines[K, V]) Len() int { return len(d) }

func (d deadlines[K, V]) Less(i, j int) bool {
	if d[i].expires.Equal(d[j].expires) {
		return d[i].sequence < d[j].sequence
	}
	return d[i].expires.Before(d[j].expires)
}

func (d deadlines[K, V]) Swap(i, j int) {
	d[i], d[j] = d[j], d[i]
	d[i].index, d[j].index = i, j
}

func (d *deadlines[K, V]) Push(added any) {
	e := added.(*entry[K, V])
	e.index = len(*d)
	*d = append(*d, e)
}

func (d *deadlines[K, V]) Pop() any {
	last := len(*d) - 1
	e := (*d)[last]
	(*d)[last] = nil
	*d = (*d)[:last]
	e.index = forever
	return e
}
