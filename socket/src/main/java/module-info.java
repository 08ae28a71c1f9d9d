import org.jspecify.annotations.NullMarked;

/// Floor 1: owned descriptors, waiting, closing, and the socket pair.
///
/// Begin with [dev.dyad.socket.SocketPair], or with [dev.dyad.socket.StreamSocket] for sockets that have a name.
@NullMarked
module dev.dyad.socket {
    requires static jdk.jfr;
    requires static jdk.net;
    requires static transitive org.jspecify;
    requires dev.dyad.posix;

    exports dev.dyad.socket;
    exports dev.dyad.socket.fd to
            dev.dyad.process,
            dev.dyad.message,
            dev.dyad.php;
    exports dev.dyad.socket.jfr to
            dev.dyad.process,
            dev.dyad.message,
            dev.dyad.worker;
    exports dev.dyad.socket.select to
            dev.dyad.process,
            dev.dyad.php;
    exports dev.dyad.socket.thread to
            dev.dyad.process,
            dev.dyad.message,
            dev.dyad.worker,
            dev.dyad.message.json,
            dev.dyad.php,
            dev.dyad.cli;
}
