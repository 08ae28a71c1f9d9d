package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.php.Pcntl;
import dev.dyad.php.Sockets;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The constants, compared with those of each PHP that is here.
class ConstantsTest {

    private static final String LIST = """
        foreach (get_defined_constants(true)[$argv[1]] as $name => $value) echo "$name=$value\\n";""";

    /// Constants of `pcntl` and `posix` by what their names begin with, for functions that a JVM cannot have.
    private static final List<String> LEFT_OUT = List.of(
            "BUS_",
            "CLD_",
            "CLONE_",
            "FPE_",
            "ILL_",
            "POLL_",
            "POSIX_",
            "PRIO_",
            "P_",
            "SEGV_",
            "SIG_",
            "SI_",
            "TRAP_",
            "WEXITED",
            "WNOWAIT",
            "WSTOPPED");

    /// What PHP has where it was built with other headers than Debian's.
    private static final List<String> OF_OTHER_BUILDS = List.of("UDPLITE_RECV_CSCOV", "UDPLITE_SEND_CSCOV");

    /// What PHP has without an extension.
    private static final String CORE = "PHP_";

    @ParameterizedTest
    @MethodSource("dev.dyad.interop.Php#all")
    void every_constant_of_php_is_here_with_its_value(Php php) throws Exception {
        Map<String, String> ofSockets = of(php, "sockets");

        assertThat(ofJava()).containsAllEntriesOf(ofSockets);
        assertThat(ofSockets).hasSizeGreaterThan(200);
    }

    @ParameterizedTest
    @MethodSource("dev.dyad.interop.Php#all")
    void every_constant_of_processes_is_here_or_left_out(Php php) throws Exception {
        Map<String, String> ofProcesses = of(php, "pcntl");
        ofProcesses.putAll(of(php, "posix"));
        var wanted = new TreeMap<>(ofProcesses);
        wanted.keySet().removeIf(ConstantsTest::isLeftOut);

        assertThat(ofJava()).containsAllEntriesOf(wanted);
        assertThat(wanted).hasSizeGreaterThan(50);
        assertThat(LEFT_OUT)
                .allSatisfy(prefix -> assertThat(ofJava().keySet()).noneMatch(name -> name.startsWith(prefix)));
    }

    @Test
    void there_is_none_that_the_newest_php_does_not_have() throws Exception {
        Php newest = Php.newest();
        Map<String, String> java = ofJava();
        for (String extension : List.of("sockets", "pcntl", "posix")) {
            java.keySet().removeAll(of(newest, extension).keySet());
        }
        java.keySet().removeIf(name -> name.startsWith(CORE));

        assertThat(newest.isAtLeast("8.6") ? java.keySet() : OF_OTHER_BUILDS).hasSameElementsAs(OF_OTHER_BUILDS);
    }

    @Test
    void what_is_left_out_is_named_on_the_page() throws Exception {
        assertThat(Files.readString(PhpRuns.ROOT.resolve("docs/php.md")))
                .contains(LEFT_OUT.stream()
                        .map(prefix -> prefix.endsWith("_") ? "`" + prefix + "…`" : "`" + prefix + "`")
                        .toList());
    }

    private static boolean isLeftOut(String name) {
        return LEFT_OUT.stream().anyMatch(name::startsWith);
    }

    private static Map<String, String> of(Php php, String extension) throws Exception {
        var constants = new TreeMap<String, String>();
        for (String line : php.says(LIST, extension).split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                constants.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return constants;
    }

    private static Map<String, String> ofJava() throws IllegalAccessException {
        var constants = new TreeMap<String, String>();
        for (Class<?> type : List.of(Sockets.class, Pcntl.class)) {
            for (Field field : type.getFields()) {
                field.setAccessible(true); // it may come from an interface that is not public
                constants.put(field.getName(), String.valueOf(field.get(null)));
            }
        }
        return constants;
    }
}
