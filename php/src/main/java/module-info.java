import org.jspecify.annotations.NullMarked;

/// The face for PHP people: `socket_create_pair` and its family.
@NullMarked
module dev.dyad.php {
    requires static org.jspecify;
    requires dev.dyad.posix;
    requires dev.dyad.process;
    requires transitive dev.dyad.socket;

    exports dev.dyad.php;
}
