package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The same program in PHP and in Java: what it returns, what it sets, what it warns of and what it throws.
class PhpInteropTest {

    private static final Path PROGRAMS = PhpRuns.ROOT.resolve("verify/interop/src/test/resources/dev/dyad/interop");

    @Test
    void php_and_java_print_the_same() throws Exception {
        PhpRuns.Output php = PhpRuns.php(PROGRAMS.resolve("transcript.php"));
        PhpRuns.Output java = PhpRuns.java(PROGRAMS.resolve("Transcript.java"));

        assertThat(java.out()).describedAs(java.err()).isEqualTo(php.out());
        assertThat(php.out()).contains("-- fork\n");
        assertThat(java.exit()).isEqualTo(php.exit()).isZero();
    }
}
