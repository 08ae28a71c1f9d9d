package dev.dyad.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// The browser that looks at our pages, without a window.
public final class Chromium {

    private static final String PROGRAM = "chromium";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private Chromium() {}

    /// Leaves the test out, or fails, if it is missing: see [RequiredProgram]. Where it must be there, it may
    /// still be on its way: `.ci/run` fetches it while the first tests run.
    public static void require() {
        if (RequiredProgram.mustBeThere()) {
            Await.until(() -> RequiredProgram.isThere(PROGRAM), PATIENCE);
        }
        RequiredProgram.require(PROGRAM);
    }

    /// Returns the words by which it is started.
    ///
    /// @param profile where it keeps what it likes to, a folder of the test
    /// @param more what else the test says to it
    /// @return the program and its arguments
    public static List<String> command(Path profile, String... more) {
        Stream<String> always = Stream.of(
                PROGRAM,
                "--headless",
                "--no-sandbox", // which root may not have
                "--disable-dev-shm-usage", // of which a container has little
                "--disable-gpu",
                "--user-data-dir=" + profile);
        return Stream.concat(always, Stream.of(more)).toList();
    }
}
