package dev.dyad.harness;

/// One open descriptor of this process.
///
/// @param fd its number
/// @param target what it stands for, as `/proc/self/fd` says: a path, `socket:[123]`, `anon_inode:[eventfd]`, …
/// @param closeOnExec whether no child gets it by accident
public record Descriptor(int fd, String target, boolean closeOnExec) {

    @Override
    public String toString() {
        return "descriptor " + fd + " -> " + target + (closeOnExec ? " (close-on-exec)" : "");
    }
}
