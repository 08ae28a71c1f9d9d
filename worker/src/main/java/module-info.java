import org.jspecify.annotations.NullMarked;

/// Pools of children that answer requests, of which one that fails harms no other.
@NullMarked
module dev.dyad.worker {
    requires static jdk.jfr;
    requires static transitive org.jspecify;
    requires transitive dev.dyad.message;
    requires transitive dev.dyad.process;
    requires transitive dev.dyad.socket;

    exports dev.dyad.worker;
}
