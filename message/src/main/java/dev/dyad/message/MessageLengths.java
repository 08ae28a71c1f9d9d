package dev.dyad.message;

/// Which lengths a wire can write.
final class MessageLengths {

    private MessageLengths() {}

    /// Refuses a length that no message of a wire has.
    ///
    /// @throws IllegalArgumentException if `length` is below zero or above that of the longest one
    static void check(long length, Wire.Prefixed wire) {
        long most = wire.longestBody();
        if (length < 0 || length > most) {
            throw new IllegalArgumentException(
                    "a message of " + length + " bytes, where " + wire + " has 0 to " + most);
        }
    }
}
