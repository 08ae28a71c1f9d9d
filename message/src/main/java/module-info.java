import org.jspecify.annotations.NullMarked;

/// Floor 3: messages over an end or two pipes, and requests that are answered.
///
/// Begin with [dev.dyad.message.MessageChannel].
@NullMarked
module dev.dyad.message {
    requires static jdk.jfr;
    requires static transitive org.jspecify;
    requires transitive dev.dyad.process;
    requires transitive dev.dyad.socket;

    exports dev.dyad.message;
    exports dev.dyad.message.gone to
            dev.dyad.worker;
}
