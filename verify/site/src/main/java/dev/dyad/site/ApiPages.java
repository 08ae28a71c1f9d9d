package dev.dyad.site;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The documentation of the modules that are for users, as the JDK's `javadoc` makes it.
///
/// @param root the repository
record ApiPages(Path root) {

    static final List<String> MODULES = List.of("socket", "process", "message", "message-json", "worker", "php");

    /// Javadoc's own header hides what it is given on a narrow screen.
    private static final String BACK = """
            <p style="margin: 0; padding: 0.5rem 0.75rem; background: #ffffff">
            <a href="{@docRoot}/../index.html" style="color: #1558a8">All pages of Dyad</a></p>""";

    /// Writes them.
    ///
    /// @throws IOException if javadoc had anything to say
    void write(Path folder) throws IOException {
        var arguments = new ArrayList<>(
                List.of("-quiet", "-Xdoclint:all", "--no-fonts", "-notimestamp", "-d", folder.toString()));
        arguments.addAll(List.of("-windowtitle", "Dyad API", "-doctitle", "Dyad: every class and method"));
        arguments.addAll(List.of("-top", BACK));
        Stream.concat(Stream.of("posix"), MODULES.stream())
                .map(module -> name(module) + "=" + sources(module, "main"))
                .forEach(pair -> arguments.addAll(List.of("--module-source-path", pair)));
        arguments.addAll(List.of("--module", each(",", ApiPages::name)));
        arguments.addAll(List.of("--module-path", libraries()));
        arguments.addAll(List.of(
                "--snippet-path",
                each(File.pathSeparator, module -> sources(module, "test").toString())));
        var said = new StringWriter();

        int exit = ToolProvider.findFirst("javadoc")
                .orElseThrow()
                .run(new PrintWriter(said), new PrintWriter(said), arguments.toArray(String[]::new));

        if (exit != 0 || !said.toString().isEmpty()) { // no warning either
            throw new IOException("javadoc: " + said);
        }
        // Its style imports this, with fonts or without.
        Path fonts = Files.createDirectories(folder.resolve("resource-files/fonts"));
        Files.writeString(fonts.resolve("dejavu.css"), "");
    }

    /// Returns where the sources of a module are, or of its tests.
    Path sources(String module, String kind) {
        return root.resolve(module, "src", kind, "java");
    }

    private static String each(String separator, UnaryOperator<String> part) {
        return MODULES.stream().map(part).collect(joining(separator));
    }

    /// Returns the name of a module of ours that lies in a folder.
    static String name(String module) {
        return "dev.dyad." + module.replace('-', '.');
    }

    /// Returns where the classes of others are that ours name.
    private static String libraries() {
        return Stream.of(NullMarked.class, JsonNode.class, JacksonException.class, JsonInclude.class)
                .map(ApiPages::jar)
                .collect(joining(File.pathSeparator));
    }

    private static String jar(Class<?> type) {
        URI jar = URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString());
        return Path.of(jar).toString();
    }
}
