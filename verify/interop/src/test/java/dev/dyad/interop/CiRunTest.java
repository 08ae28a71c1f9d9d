package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `.ci/run` makes of a browser that cannot be installed: the script itself, on a machine whose other programs do
/// nothing.
@Timeout(60)
class CiRunTest {

    private static final String DOES_NOTHING = "#!/bin/sh\n";
    private static final List<String> OF_THE_SYSTEM = List.of("bash", "id", "dirname", "mktemp", "cat", "rm", "env");
    private static final Pattern NEEDED = Pattern.compile("\\[([\\w-]+)]=");

    @TempDir
    Path folder;

    @BeforeEach
    void make_a_machine() throws Exception {
        String script = Files.readString(PhpRuns.ROOT.resolve(".ci/run"));
        program("tree/.ci/run", script);
        program("tree/dyad", "#!/bin/sh\necho \"dyad $*\"\n");
        for (String other : List.of("interop/fetch-php", "interop/fetch-mcp", "arm64/prepare")) {
            program("tree/verify/" + other, DOES_NOTHING);
        }
        List<String> needed =
                NEEDED.matcher(script).results().map(name -> name.group(1)).toList();
        assertThat(needed).contains("php", "gcc");
        for (String each : needed) {
            program("path/" + each, DOES_NOTHING);
        }
        program("path/npm", DOES_NOTHING);
        program("path/qemu-aarch64-static", DOES_NOTHING);
        program("path/sudo", "#!/bin/sh\nexec \"$@\"\n");
        program("path/apt-get", """
                #!/bin/sh
                case "$*" in
                *chromium*) echo "apt-get: no route to $*"; exit 100 ;;
                esac
                """);
        for (String each : OF_THE_SYSTEM) {
            program("path/" + each, "#!/bin/sh\nexec " + real(each) + " \"$@\"\n");
        }
    }

    private void program(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static Path real(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(each -> Path.of(each, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private PhpRuns.Output run() throws Exception {
        return PhpRuns.run(
                "env",
                "PATH=" + folder.resolve("path"),
                folder.resolve("tree/.ci/run").toString());
    }

    @Test
    void a_browser_that_is_not_to_be_had_fails_and_what_its_installer_said_is_seen() throws Exception {
        PhpRuns.Output output = run();

        assertThat(output.toString()).contains("dyad test --ci", "apt-get: no route to", "there is no chromium");
        assertThat(output.exit()).isEqualTo(1);
    }

    @Test
    void with_a_browser_the_run_goes_on() throws Exception {
        program("path/chromium", DOES_NOTHING);

        PhpRuns.Output output = run();

        assertThat(output.exit()).as(output.toString()).isZero();
        assertThat(output.out()).contains("dyad test --ci", "dyad test --arm64");
    }

    @Test
    void a_test_that_fails_fails_the_run() throws Exception {
        program("path/chromium", DOES_NOTHING);
        program("tree/dyad", "#!/bin/sh\nexit 3\n");

        assertThat(run().exit()).isEqualTo(3);
    }
}
