import org.jspecify.annotations.NullMarked;

/// The face for PHP people: `socket_create_pair` and its family.
///
/// Begin with [dev.dyad.php.Sockets], whose functions wait and close as the sockets of module `dev.dyad.socket` do.
@NullMarked
module dev.dyad.php {
    requires static transitive org.jspecify;
    requires dev.dyad.posix;
    requires dev.dyad.process;
    requires transitive dev.dyad.socket;

    exports dev.dyad.php;
}
