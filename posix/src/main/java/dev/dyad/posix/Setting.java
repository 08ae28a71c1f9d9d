package dev.dyad.posix;

import java.util.List;

/// A system property that says how Dyad works, and has one of few values.
///
/// It is read where it is needed first, which may be late, in the middle of a call, and as a class is initialized. So a
/// value that it cannot have ends nothing: it is logged as a warning and counts as not set. The warning is logged on a
/// thread of its own, as a logger may fail, wait, or use Dyad itself.
public final class Setting {

    private Setting() {}

    /// Returns what a property says, or `""` where it is not set, or to none of these values.
    public static String of(String property, String... values) {
        String value = System.getProperty(property, "");
        if (value.isEmpty() || List.of(values).contains(value)) {
            return value;
        }
        Thread.ofPlatform()
                .name("dyad-warning")
                .daemon()
                .inheritInheritableThreadLocals(false)
                .start(() -> System.getLogger("dev.dyad.posix")
                        .log(System.Logger.Level.WARNING, refusal(property, value, values)));
        return "";
    }

    private static String refusal(String property, String value, String... values) {
        return "-D" + property + "=" + value + " is ignored: it can be \"" + String.join("\", \"", values)
                + "\", or not set";
    }
}
