package dev.dyad.interop;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// What may be missing on a developer's machine, and must not be where `CI=true`.
public final class Interpreters {

    private Interpreters() {}

    public static void require(String program) {
        require(program, "true".equals(System.getenv("CI")));
    }

    public static void require(String program, boolean mustBeThere) {
        if (has(program)) {
            return;
        }
        if (mustBeThere) {
            fail("with CI=true there must be a " + program);
        }
        abort("there is no " + program + " on this machine");
    }

    public static boolean has(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
