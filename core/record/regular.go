package record

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// A watcher reads files that another program wrote. It opens only regular files in the
// run's own folder: a named pipe would wait for its writer, a device may act when it is
// opened, and a link may lead to a private file.

// openFolder opens the folder of a run. The caller must close it.
func openFolder(dir string) (*os.Root, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is %s: name the folder of a run", filepath.Base(dir), kind(info.Mode()))
	}
	return os.OpenRoot(dir)
}

// openRegular opens a regular file of folder, and returns its FileInfo. It follows links
// within the folder. The caller must close the file.
func openRegular(folder *os.Root, name string) (*os.File, os.FileInfo, error) {
	info, err := folder.Stat(name)
	if err == nil {
		err = regular(folder, name, info)
	} else if link, _ := folder.Lstat(name); link != nil && link.Mode()&fs.ModeSymlink != 0 && !errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%s of %s is a link that leads out of the folder: put the file itself there", name, filepath.Base(folder.Name()))
	}
	if err != nil {
		return nil, nil, err
	}
	f, err := folder.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // it may be a named pipe by now
	if err != nil {
		return nil, nil, err
	}
	if info, err = f.Stat(); err == nil {
		err = regular(folder, name, info)
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// regular returns an error unless info describes a regular file.
func regular(folder *os.Root, name string, info os.FileInfo) error {
	if info.Mode().IsRegular() {
		return nil
	}
	return fmt.Errorf("%s of %s is %s, but must be a regular file: remove it", name, filepath.Base(folder.Name()), kind(info.Mode()))
}

// kind describes the kind of file of a mode.
func kind(mode fs.FileMode) string {
	switch {
	case mode.IsRegular():
		return "a file"
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	default:
		return "of an unknown kind"
	}
}

// readRegular returns the content of a regular file of folder, which may have at most the
// given bytes.
func readRegular(folder *os.Root, name string, most int64) ([]byte, error) {
	f, info, err := openRegular(folder, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info.Size() <= most {
		var b []byte
		if b, err = io.ReadAll(io.LimitReader(f, most+1)); err != nil || int64(len(b)) <= most {
			return b, err
		}
	}
	return nil, fmt.Errorf("%s of %s is larger than %d MiB, which is more than any run writes", name, filepath.Base(folder.Name()), most>>20)
}
