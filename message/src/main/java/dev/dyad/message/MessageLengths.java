package dev.dyad.message;

/// Which lengths a wire can write.
final class MessageLengths {

    private MessageLengths() {}

    /// Refuses a length that no message of a wire has.
    ///
    /// @param most the length of the longest message of the wire
    /// @throws IllegalArgumentException if `length` is below zero or above `most`
    static void check(long length, long most, Wire wire) {
        if (length < 0 || length > most) {
            throw new IllegalArgumentException(
                    "a message of " + length + " bytes, where " + wire + " has 0 to " + most);
        }
    }
}
