package dev.dyad.cli;

import dev.dyad.process.Command;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// The variables that the launcher hides from this JVM, and that every program which it starts gets back.
///
/// They would change what a JVM prints, or have been set for this one.
final class UserEnvironment {

    /// As in the launcher, which hands over the value of each that was set as the property `dyad.env.NAME`.
    static final List<String> HIDDEN =
            List.of("LC_ALL", "CLASSPATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "_JAVA_SR_SIGNUM");

    private UserEnvironment() {}

    static Command restore(Command command) {
        each(command::environment, command::withoutEnvironment);
        return command;
    }

    static void restore(Map<String, String> environment) {
        each(environment::put, environment::remove);
    }

    private static void each(BiConsumer<String, String> set, Consumer<String> unset) {
        if (System.getProperty("dyad.home") == null) {
            return; // not started by the launcher: nothing is hidden
        }
        for (String name : HIDDEN) {
            String value = System.getProperty("dyad.env." + name);
            if (value == null) {
                unset.accept(name);
            } else {
                set.accept(name, value);
            }
        }
    }
}
