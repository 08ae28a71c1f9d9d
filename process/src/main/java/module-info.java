import org.jspecify.annotations.NullMarked;

/// Floor 2: children, and what a child inherits.
///
/// Begin with [dev.dyad.process.Command]; what parent and child talk by is a [dev.dyad.socket.StreamSocket].
@NullMarked
module dev.dyad.process {
    requires static transitive org.jspecify;
    requires static java.compiler;
    requires static jdk.compiler;
    requires static jdk.jfr;
    requires java.management;
    requires dev.dyad.posix;
    requires transitive dev.dyad.socket;

    exports dev.dyad.process;
    exports dev.dyad.process.exit to
            dev.dyad.worker;
    exports dev.dyad.process.java to
            dev.dyad.php;
    exports dev.dyad.process.pool to
            dev.dyad.worker;
}
