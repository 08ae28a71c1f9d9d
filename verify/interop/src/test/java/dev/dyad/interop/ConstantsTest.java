package dev.dyad.php;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The constants, beside those of PHP itself.
class ConstantsTest {

    private static final String LIST =
            "foreach (get_defined_constants(true)['sockets'] as $k => $v) echo \"$k=$v\\n\";";

    @Test
    void every_constant_of_php_is_here_with_its_value() throws Exception {
        Map<String, String> php = ofPhp();

        assertThat(ofJava()).containsAllEntriesOf(php);
        assertThat(php).hasSizeGreaterThan(200);
    }

    private static Map<String, String> ofPhp() throws Exception {
        String[] output = run("php", "-r", LIST).split("\n");
        var constants = new TreeMap<String, String>();
        for (String line : output) {
            int equals = line.indexOf('=');
            constants.put(line.substring(0, equals), line.substring(equals + 1));
        }
        return constants;
    }

    private static Map<String, String> ofJava() throws IllegalAccessException {
        var constants = new TreeMap<String, String>();
        for (Field field : Sockets.class.getFields()) {
            constants.put(field.getName(), String.valueOf(field.get(null)));
        }
        return constants;
    }

    private static String run(String... command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(List.of(command))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException missing) {
            assumeTrue(System.getenv("CI") != null, "no php here");
            throw missing;
        }
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }
}
