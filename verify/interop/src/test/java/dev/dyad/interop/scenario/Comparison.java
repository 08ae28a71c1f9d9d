package dev.dyad.interop.scenario;

import dev.dyad.interop.Php;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/// PHP and Java compared with each other.
final class Comparison implements AutoCloseable {

    /// What one side says of a scenario, and the other.
    record Transcripts(String php, String java) {

        /// A scenario that hangs in PHP is none: what was left out of it has made it so.
        boolean phpHangs() {
            return php.equals(Side.HANGS);
        }

        boolean isOfLater() {
            return LATER.matcher(java).find();
        }

        /// Returns these without what docs/php.md says of any scenario.
        Transcripts alike() {
            return new Transcripts(alike(php), alike(java));
        }

        /// A message that cannot be told is `false` in PHP.
        private static String alike(String transcript) {
            return lookedUp(UNTOLD.matcher(transcript).replaceAll("$1"));
        }

        /// PHP tells the error of another look-up where there was none, as docs/php.md says.
        private static String lookedUp(String transcript) {
            String alike = LOOKUP.matcher(transcript).replaceAll("-10001").replaceAll("\\[-10001]: .*", "[-10001]");
            return withoutRepeated(alike);
        }

        /// The error slots are told where they have changed, which they now have not everywhere.
        private static String withoutRepeated(String transcript) {
            var told = new ArrayList<String>();
            String slots = SLOTS;
            for (String line : transcript.lines().toList()) {
                if (!line.equals(slots)) {
                    told.add(line);
                }
                slots = line.startsWith(SLOTS) ? line : slots;
            }
            return String.join("\n", told);
        }
    }

    private static final Pattern UNTOLD =
            Pattern.compile("(error converting native data .*\\n    = \\d+\\n    \\$\\w+ = )(false|\\[])");
    private static final int ATTEMPTS = 5;

    /// The PHP that ours is like.
    private static final String LEVEL = "8.6";

    /// What ours says as that one does, and older ones do not: docs/php.md has it, and the scenarios by hand
    /// show each.
    private static final Pattern LATER = Pattern.compile("\\(\\$port\\) must be between 0 and 65535|optionally OR'ed"
            + "|SHUT_RD, SHUT_WR|when argument #3 \\(\\$option\\)|\" key must be|AF_PACKET|expects exactly 6 arguments"
            + "|\"l_(onoff|linger)\" must be|not representable as an int|IP address used in the context"
            + "|must be less than 108|must not be empty|Unsupported CBPF|Invalid level|must be between 0 and 4294967295"
            + "|(true|false) given|SOL_SOCKET, 51, "); // which is SO_ATTACH_REUSEPORT_CBPF
    private static final String SLOTS = "    errors ";
    private static final Pattern LOOKUP = Pattern.compile("-1000[0-4]\\b");

    private final Php version;
    private final Side php;
    private final Side java;
    private final ExecutorService meanwhile = Executors.newSingleThreadExecutor();

    Comparison(Php version, Path folder) throws IOException {
        this.version = version;
        php = new PhpSide(version, folder.resolve("p"), Side.LIMIT);
        java = new JavaSide(folder.resolve("j"), Side.LIMIT);
    }

    Transcripts run(Scenario scenario) throws Exception {
        Future<String> ofPhp = meanwhile.submit(() -> php.run(scenario));
        String ofJava = java.run(scenario);
        return new Transcripts(ofPhp.get(), ofJava);
    }

    private Transcripts runInTurn(Scenario scenario) throws Exception {
        String ofPhp = meanwhile.submit(() -> php.run(scenario)).get();
        return new Transcripts(ofPhp, java.run(scenario));
    }

    /// Returns nothing, or the shortest part of the scenario that still shows a difference, ready to be
    /// written down.
    List<String> difference(Scenario scenario) throws Exception {
        if (!differ(scenario)) {
            return List.of();
        }
        Scenario shortest =
                scenario.withSteps(Shrinking.shrink(scenario.steps(), steps -> differ(scenario.withSteps(steps))));
        Transcripts said = runInTurn(shortest);
        return List.of("\n" + shortest.text() + "-- php\n" + said.php() + "-- java\n" + said.java());
    }

    /// Returns whether the two never say the same, however often they are asked.
    ///
    /// On a machine that is busy, what the Internet's sockets carry may be late on either side; and only one
    /// of two that run at once gets a port.
    private boolean differ(Scenario scenario) throws Exception {
        var ofPhp = new HashSet<String>();
        var ofJava = new HashSet<String>();
        for (int i = 0; i < ATTEMPTS && Collections.disjoint(ofPhp, ofJava); i++) {
            Transcripts said = i == 0 ? run(scenario) : runInTurn(scenario);
            if (said.phpHangs() || (!version.isAtLeast(LEVEL) && said.isOfLater())) {
                return false;
            }
            ofPhp.add(said.alike().php());
            ofJava.add(said.alike().java());
        }
        return Collections.disjoint(ofPhp, ofJava);
    }

    @Override
    public void close() throws IOException {
        meanwhile.close();
        php.close();
        java.close();
    }
}
