package dev.dyad.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/// Which version of everything was measured: the libraries as the build took them, the programs as they say themselves.
final class Versions {

    private static final String OURS = "Dyad";
    private static final String NOTHING = "says nothing";
    private static final int SHORT = 12; // what is enough to find one
    private static final String LIBRARIES = "versions.properties";
    private static final Map<String, List<String>> PROGRAMS = Map.of(
            "C compiler", List.of("cc", "--version"),
            "Node", List.of("node", "--version"),
            "PHP", List.of("php", "-n", "--version"),
            "Python", List.of("python3", "--version"));

    private Versions() {}

    /// Returns a version for each name; of a program that is not there, that it is not.
    static Map<String, String> current() throws IOException {
        Map<String, String> versions = new TreeMap<>();
        for (Map.Entry<String, List<String>> program : PROGRAMS.entrySet()) {
            versions.put(program.getKey(), firstLine(program.getValue()));
        }
        var libraries = new Properties();
        try (InputStream file = Objects.requireNonNull(Versions.class.getResourceAsStream(LIBRARIES), LIBRARIES)) {
            libraries.load(file);
        }
        libraries.stringPropertyNames().forEach(name -> versions.put(name, libraries.getProperty(name)));
        versions.merge(OURS, commit(), (version, commit) -> version + ", " + commit);
        return versions;
    }

    /// Returns which commit the tree is of, and whether something was changed since.
    private static String commit() {
        Path tree = BuiltTree.root();
        String commit = firstLine(List.of("git", "-C", tree.toString(), "rev-parse", "--verify", "HEAD"));
        if (!commit.matches("[0-9a-f]{40,64}")) {
            return "of no commit that is known";
        }
        String changed = firstLine(List.of("git", "-C", tree.toString(), "status", "--porcelain"));
        return "commit " + commit.substring(0, SHORT) + (changed.equals(NOTHING) ? "" : ", with changes");
    }

    private static String firstLine(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            try (BufferedReader lines = process.inputReader()) {
                String first = lines.readLine();
                lines.transferTo(java.io.Writer.nullWriter());
                return first != null ? first.strip() : NOTHING;
            }
        } catch (IOException e) {
            return "not on this machine";
        }
    }
}
