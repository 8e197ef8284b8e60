package stage

import (
	"math"
	"unicode/utf8"
)

// A rect is a rectangle in pixels of the screen.
type rect struct{ x, y, w, h float64 }

// A Label is text that belongs on the picture. The stage has no letters: whoever
// shows it sets them, in Size pixels of CSS.
type Label struct {
	Text   string  // what it says, or the name of what it names
	Name   bool    // Text is a layer's name, to be said in the reader's language
	Title  bool    // Text is a plane's title
	Mark   string  // "ring" or "diamond" where the layer's mark stands before it
	Anchor string  // which part of it is at X: "left", "middle" or "right"
	X, Y   float64 // in pixels of CSS; Y is its middle
	Size   float64
	Width  float64 // the room for it, 0 for as much as it takes
}

// leastLarge is the size of the smallest large letters, in pixels of CSS.
const leastLarge = 18

// textSize is the size of labels on a stage of w by h, in pixels of CSS; large ones can
// be read from the back of a room.
func textSize(w, h float64, large bool) float64 {
	if large {
		return math.Round(math.Max(leastLarge, math.Min(math.Min(w, h)/26, 44)))
	}
	return math.Round(math.Max(11, math.Min(math.Min(w, h)/38, 22)))
}

// titleSize returns the size at which a title fits its room, no smaller than .72 of text
// or, if letters are large, than the smallest of them.
func titleSize(title string, text, room float64, large bool) float64 {
	least := .72 * text
	if large {
		least = math.Max(least, leastLarge)
	}
	return math.Max(least, math.Min(text, room/(.58*float64(utf8.RuneCountInString(title)))))
}
