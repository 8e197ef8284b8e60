package record

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"ganbel/core/data"
)

// ownerFile is locked by the process that writes a folder. From its second byte on it
// holds that process's number; on Windows nobody can read the first, which is locked.
const ownerFile = "owner.lock"

// A Busy is the error of a folder that another process writes.
type Busy struct {
	Dir string
	Pid int // of the other process, 0 if it is not known
}

// Error names the folder and the process, and says what to do.
func (b *Busy) Error() string {
	who := "another process"
	if b.Pid > 0 {
		who = "process " + strconv.Itoa(b.Pid)
	}
	return fmt.Sprintf("%s is being trained by %s: wait for it, or stop it", b.Dir, who)
}

// Own makes this process the only one that writes a run's folder, or one of many runs,
// until it calls release or ends, however it ends: the lock is the kernel's. It creates
// the folder if there is none, and removes the temporary files that a killed owner left.
// release removes a folder that Own created if nothing was put there. Own returns a
// *Busy if another process, or another part of this one, owns the folder. A process that
// only reads need not own it.
//
// If the file system has no locks, as some network file systems, Own writes to log that
// nothing keeps a second run out, and takes the folder.
func Own(dir string, log io.Writer) (release func(), err error) {
	name := filepath.Join(dir, ownerFile)
	var made []string
	for {
		made = append(missing(dir), made...)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
		lock := flock.New(name, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o644))
		got, err := lock.TryLock()
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue // another owner has just removed the folder that it created
		case errors.Is(err, errors.ErrUnsupported), errors.Is(err, syscall.ENOLCK):
			if runtime.GOOS != "js" { // there it is the only process
				fmt.Fprintf(log, "the file system of %s has no locks: see to it that nothing else trains there\n", dir)
			}
			return func() { removeEmpty(made) }, tidy(dir)
		case err != nil:
			return nil, fmt.Errorf("%s: %w", name, err)
		case !got:
			lock.Close()
			return nil, &Busy{dir, owner(name)}
		}
		if !current(lock, name) { // the previous owner removed the file, so that this lock keeps nobody out
			lock.Close()
			continue
		}
		tell(name)
		release = func() {
			if runtime.GOOS == "windows" { // Windows removes no open file
				lock.Close()
				os.Remove(name)
			} else {
				os.Remove(name)
				lock.Close()
			}
			removeEmpty(made)
		}
		if err := tidy(dir); err != nil {
			release()
			return nil, err
		}
		return release, nil
	}
}

// current reports whether a lock is on the file that has the name now.
func current(lock *flock.Flock, name string) bool {
	locked, err := lock.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(name)
	return err == nil && os.SameFile(locked, named)
}

// tell writes this process's number to the file that owner reads. The lock holds without
// it, too.
func tell(name string) {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return
	}
	defer f.Close()
	fmt.Fprintf(io.NewOffsetWriter(f, 1), "%-10d\n", os.Getpid())
}

// owner returns the number of the process that owns a folder, 0 if it is not known.
func owner(name string) int {
	f, err := os.Open(name)
	if err != nil {
		return 0
	}
	defer f.Close()
	var b [11]byte
	n, _ := f.ReadAt(b[:], 1)
	pid, _ := strconv.Atoi(strings.TrimSpace(string(b[:n])))
	return pid
}

// missing returns the folders that do not exist yet, the innermost first.
func missing(dir string) (all []string) {
	for {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			return all
		}
		all = append(all, dir)
		dir = filepath.Dir(dir)
	}
}

// removeEmpty removes folders, the innermost first, that are empty.
func removeEmpty(dirs []string) {
	for _, dir := range dirs {
		os.Remove(dir) // this fails if it is not empty
	}
}

// tidy removes what a killed owner left in a folder and in those that a run has below.
func tidy(dir string) (err error) {
	for _, below := range []string{"", figuresDir, textDir, stillsDir} {
		err = cmp.Or(err, data.Tidy(filepath.Join(dir, below), time.Time{}))
	}
	return err
}
