module ganbel

go 1.26.0

require (
	github.com/andybalholm/brotli v1.2.8
	github.com/hajimehoshi/ebiten/v2 v2.10.0
)

require (
	github.com/ebitengine/gomobile v0.0.0-20260820040257-d11f821a26a6 // indirect
	github.com/ebitengine/hideconsole v1.0.0 // indirect
	github.com/ebitengine/purego v0.11.0 // indirect
	golang.org/x/sync v0.22.0 // indirect
	golang.org/x/sys v0.47.0 // indirect
)
