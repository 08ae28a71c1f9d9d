package dev.dyad.php;

/// A class that a test defines a second time, in a class loader of its own.
public final class BodySupplier {

    private BodySupplier() {}

    /// Returns a body that lives in this class.
    public static ForkBody get() {
        return sockets -> {};
    }
}
