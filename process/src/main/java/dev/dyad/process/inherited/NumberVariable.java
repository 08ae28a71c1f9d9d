package dev.dyad.process.inherited;

import java.util.Map;

/// A variable of the environment that is a number.
public final class NumberVariable {

    private NumberVariable() {}

    /// Returns its value, which is 0 to `largest`.
    ///
    /// @param environment values by their names
    /// @param name its name
    /// @param largest the largest number that it may be
    /// @throws IllegalStateException if it is not set, or something else
    public static long of(Map<String, String> environment, String name, long largest) {
        String text = environment.get(name);
        if (text == null) {
            throw new IllegalStateException(name + " is not set");
        }
        try {
            long number = Long.parseUnsignedLong(text);
            if (number >= 0 && number <= largest) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalStateException(name + " is not a number: \"" + text + "\"", e);
        }
        throw new IllegalStateException(name + " is out of range: " + text);
    }
}
