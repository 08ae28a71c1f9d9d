package dev.dyad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reads a YAML file by Ruby, which has a parser of its own and is needed here anyway.
final class Yaml {

    /// Prints a line `path=value` for each value, where the path is made of keys and indices.
    private static final String FLATTEN = """
            def walk(path, node)
              case node
              when Hash then node.each { |key, value| walk(path + [key], value) }
              when Array then node.each_with_index { |value, index| walk(path + [index], value) }
              else puts path.join(".") + "=" + node.to_s.gsub("\\n", "; ")
              end
            end
            walk([], YAML.safe_load(File.read(ARGV[0], encoding: "UTF-8")))
            """;

    private Yaml() {}

    /// Returns the values of a file by their paths, such as `jobs.test.steps.0.run`.
    static Map<String, String> values(Path file) throws Exception {
        Interpreters.require("ruby");
        PhpRuns.Output output = PhpRuns.run("ruby", "-Eutf-8", "-ryaml", "-e", FLATTEN, file.toString());
        assertThat(output.exit()).as(output.toString()).isZero();
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : output.out().lines().toList()) {
            int end = line.indexOf('=');
            values.put(line.substring(0, end), line.substring(end + 1));
        }
        return values;
    }
}
