package dev.dyad.process;

import dev.dyad.posix.Platform;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The command that starts a Java child like this JVM.
///
/// The child gets this JVM's launcher, class path or module path, native access, memory limits and `-D`
/// properties, by an allow-list; it writes UTF-8 whatever the locale. It never gets agents, debuggers, JMX,
/// flight recordings or log files: they belong to one process. The environment variables that could bring
/// them back are removed.
///
/// What `System.setProperty` changed after the start is not passed on, nor is the manifest of an executable
/// jar other than its class path.
public final class JavaCommand {

    /// Variables from which a JVM takes options that no list of ours has seen, and the class path that
    /// `--class-path` overrides only where there is one.
    private static final List<String> VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH");

    private static final List<String> ENCODINGS =
            List.of("-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-Dstderr.encoding=UTF-8");

    private JavaCommand() {}

    /// Returns a command that runs the `main` method of a class in a new JVM.
    ///
    /// In a program that was started as `java File.java` the class is the one that the file is named after,
    /// and is compiled once more.
    ///
    /// @param main a class that a new JVM can load from this JVM's class path or module path
    /// @param arguments what its `main` method gets
    /// @return the command, of which all but the program can still be changed
    /// @throws IllegalArgumentException if no new JVM can load the class
    public static Command of(Class<?> main, String... arguments) {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(options(ManagementFactory.getRuntimeMXBean().getInputArguments()));
        line.addAll(paths());
        line.addAll(program(main));
        line.addAll(List.of(arguments));

        Command command = Command.of(line);
        for (String variable : VARIABLES) {
            command = command.withoutEnvironment(variable);
        }
        return command;
    }

    private static List<String> options(List<String> ours) {
        var options = new ArrayList<>(JvmOptions.inherited(ours));
        options.add("--enable-native-access=" + caller());
        options.addAll(ENCODINGS);
        return options;
    }

    /// Returns who makes the native calls, as `--enable-native-access` names it.
    private static String caller() {
        Module module = Platform.class.getModule();
        return module.isNamed() ? module.getName() : "ALL-UNNAMED";
    }

    private static List<String> paths() {
        var paths = new ArrayList<String>();
        addPath(paths, "--module-path", System.getProperty("jdk.module.path", ""));
        addPath(paths, "--class-path", System.getProperty("java.class.path", ""));
        return paths;
    }

    /// Adds a path, absolute for a child that starts in another folder.
    private static void addPath(List<String> options, String option, String path) {
        if (!path.isEmpty()) {
            options.add(option);
            options.add(Stream.of(path.split(File.pathSeparator, -1))
                    .map(entry -> new File(entry).getAbsolutePath())
                    .collect(Collectors.joining(File.pathSeparator)));
        }
    }

    private static List<String> program(Class<?> main) {
        if (ClassLoader.getSystemClassLoader().equals(main.getClassLoader())) {
            return main.getModule().isNamed() ? inItsModule(main) : List.of(main.getName());
        }
        String source = System.getProperty("jdk.launcher.sourcefile", "");
        if (source.endsWith(File.separator + main.getSimpleName() + ".java")) {
            return List.of(source);
        }
        throw new IllegalArgumentException(
                "no new JVM can load " + main + ", which comes from " + main.getClassLoader());
    }

    /// The modules that the parent began with: its main module, or what a program on the class path may use.
    private static List<String> inItsModule(Class<?> main) {
        return List.of(
                "--add-modules",
                System.getProperty("jdk.module.main", "ALL-DEFAULT"),
                "--module",
                main.getModule().getName() + "/" + main.getName());
    }
}
