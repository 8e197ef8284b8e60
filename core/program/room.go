package program

import "slices"

// A room is floats from ≤ i < to of the block.
type room struct{ from, to int }

// rooms are those that are free, sorted, never adjacent.
type rooms []room

// take returns the beginning of the smallest room of at least so many floats, and
// whether there is one.
func (free *rooms) take(floats int) (room, bool) {
	best := -1
	for i, r := range *free {
		if r.to-r.from >= floats && (best < 0 || r.to-r.from < (*free)[best].to-(*free)[best].from) {
			best = i
		}
	}
	if best < 0 {
		return room{}, false
	}
	r := room{(*free)[best].from, (*free)[best].from + floats}
	if (*free)[best].from = r.to; r.to == (*free)[best].to {
		*free = slices.Delete(*free, best, best+1)
	}
	return r, true
}

// release makes r free, one with its neighbours that are.
func (free *rooms) release(r room) {
	i, _ := slices.BinarySearchFunc(*free, r, func(a, b room) int { return a.from - b.from })
	all := slices.Insert(*free, i, r)
	if i+1 < len(all) && all[i].to == all[i+1].from {
		all[i].to = all[i+1].to
		all = slices.Delete(all, i+1, i+2)
	}
	if i > 0 && all[i-1].to == all[i].from {
		all[i-1].to = all[i].to
		all = slices.Delete(all, i, i+1)
	}
	*free = all
}
