package dev.dyad.posix;

import java.util.List;

/// A system property that says how Dyad works, and has one of few values.
///
/// It is read where it is needed first, which may be late and in the middle of a call: so a value that it cannot have
/// ends nothing, but is told in a warning and taken for none.
public final class Setting {

    private Setting() {}

    /// Returns what a property says, or `""` where it is not set, or to none of these values.
    public static String of(String property, String... values) {
        String value = System.getProperty(property, "");
        if (value.isEmpty() || List.of(values).contains(value)) {
            return value;
        }
        System.getLogger("dev.dyad.posix").log(System.Logger.Level.WARNING, refusal(property, value, values));
        return "";
    }

    private static String refusal(String property, String value, String... values) {
        return property + " is \"" + String.join("\", \"", values) + "\" or not set, not \"" + value
                + "\", which is taken as not set";
    }
}
