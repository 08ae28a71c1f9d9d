import org.jspecify.annotations.NullMarked;

/// Floor 0: system calls, one method each. The only native code of Dyad, and not an interface for users.
@NullMarked
module dev.dyad.posix {
    requires static org.jspecify;

    exports dev.dyad.posix to
            dev.dyad.socket,
            dev.dyad.process,
            dev.dyad.php,
            dev.dyad.cli;
}
