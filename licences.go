package main

import (
	"io"

	"ganbel/assets"
)

// licences writes the licence of ganbel and those of all that is within it.
func licences(w io.Writer) error {
	_, err := io.WriteString(w, assets.Licences)
	return err
}
