package dev.dyad.harness;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/// A program that may be missing on a developer's machine, and must not be where `CI=true`.
public final class RequiredProgram {

    private RequiredProgram() {}

    /// Leaves the test out if a program is missing; where `CI=true` the test fails.
    ///
    /// @param program its name, as it is looked for in the `PATH`
    public static void require(String program) {
        require(program, mustBeThere());
    }

    static boolean mustBeThere() {
        return "true".equals(System.getenv("CI"));
    }

    /// Leaves the test out if a program is missing.
    ///
    /// @param program its name, as it is looked for in the `PATH`
    /// @param mustBeThere whether the test fails instead
    public static void require(String program, boolean mustBeThere) {
        if (isThere(program)) {
            return;
        }
        if (mustBeThere) {
            fail("with CI=true there must be a " + program);
        }
        abort("there is no " + program + " on this machine");
    }

    /// Returns whether a program is in the `PATH`.
    ///
    /// @param program its name
    /// @return whether it is
    public static boolean isThere(String program) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Stream.of(path.split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
