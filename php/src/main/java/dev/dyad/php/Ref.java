package dev.dyad.php;

import org.jspecify.annotations.Nullable;

/// A variable that a function writes to: what PHP calls `&$x`.
///
/// Not thread-safe.
///
/// {@snippet file="dev/dyad/php/examples/SocketsExamplesTest.java" region="ref"}
///
/// @param <T> what it holds
public final class Ref<T> {

    /// What the variable holds; `null` until it is set.
    public @Nullable T value;

    /// Makes a variable that holds nothing.
    public Ref() {}

    /// Makes a variable that holds `value`.
    ///
    /// @param value what it holds
    public Ref(@Nullable T value) {
        this.value = value;
    }

    /// Says what it holds, for messages to people.
    @Override
    public String toString() {
        return "Ref[" + value + "]";
    }
}
