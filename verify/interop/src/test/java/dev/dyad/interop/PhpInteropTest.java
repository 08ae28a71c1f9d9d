package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same program in PHP and in Java: what it returns, what it sets, what it warns of and what it throws.
class PhpInteropTest {

    private static final Path PROGRAMS = PhpRuns.ROOT.resolve("verify/interop/src/test/resources/dev/dyad/interop");
    private static final String FIRST_PART_OF_PHP = "-- refused pairs";

    /// What ours says of a type as PHP does from 8.4 on.
    private static final String LATER = " optionally OR'ed with SOCK_CLOEXEC, SOCK_NONBLOCK";

    private static PhpRuns.Output java;

    @BeforeAll
    static void java_prints() throws Exception {
        java = PhpRuns.java(PROGRAMS.resolve("Transcript.java"));
    }

    static List<Php> all() {
        return Php.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void php_and_java_print_the_same(Php version) throws Exception {
        PhpRuns.Output php = PhpRuns.php(version.program(), PROGRAMS.resolve("transcript.php"));

        assertThat(lines(version, java.out())).describedAs(java.err()).isEqualTo(lines(version, php.out()));
        assertThat(php.out()).contains("-- fork\n");
        assertThat(java.exit()).isEqualTo(php.exit()).isZero();
    }

    /// Zero bytes are written out: a failure that has some among its text never reaches who runs the tests.
    private static List<String> lines(Php version, String transcript) {
        String alike = version.isAtLeast("8.4") ? transcript : transcript.replace(LATER, "");
        List<String> lines = alike.replace("\0", "\\0").lines().toList();
        return version.isInstalled() ? lines : lines.subList(lines.indexOf(FIRST_PART_OF_PHP), lines.size());
    }
}
