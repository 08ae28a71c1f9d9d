package dev.dyad.process;

import dev.dyad.posix.NativeText;
import dev.dyad.posix.Platforms;
import dev.dyad.process.aot.AotCache;
import dev.dyad.process.aot.AotTraining;
import dev.dyad.process.java.ArgumentFile;
import dev.dyad.process.java.InputArguments;
import dev.dyad.process.java.JavaLauncher;
import dev.dyad.process.java.JvmOptions;
import dev.dyad.process.java.StaticMethod;
import dev.dyad.process.java.StaticMethodMain;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A Java child like this JVM.
///
/// The child gets this JVM's launcher, class path or module path, native access, memory limits and `-D`
/// properties, by an allow-list; it writes UTF-8 whatever the locale. It never gets agents, debuggers, JMX,
/// flight recordings or log files: they belong to one process. The environment variables that could bring
/// them back are removed.
///
/// What `System.setProperty` changed after the start is not passed on, nor is the manifest of an executable
/// jar other than its class path. A class in a fat jar of Spring Boot is loaded by its `PropertiesLauncher`.
///
/// A path that is longer than one argument may be, 128 KiB, is in a file in memory, of which no trace is left: the
/// child reads it in `/proc/PID/fd` of this process, for which it has to be of the same user.
///
/// Not for several threads at once.
///
/// {@snippet file="dev/dyad/process/examples/JavaExamplesTest.java" region="java-command"}
public final class JavaCommand {

    private static final List<String> ENCODINGS =
            List.of("-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-Dstderr.encoding=UTF-8");

    private final List<String> options = new ArrayList<>();
    private final List<String> program;
    private final String main;
    private final String name; // of what the child runs, for messages
    private boolean cached = AotCache.isWanted(false);

    private JavaCommand(String name, Class<?> main, String... arguments) {
        this.name = name;
        JavaLauncher.require(Path.of(JavaLauncher.path()));
        this.main = main.getName();
        options.addAll(JvmOptions.inherited(InputArguments.all()));
        options.add("--enable-native-access=" + Platforms.caller());
        options.addAll(ENCODINGS);
        program = new ArrayList<>(JavaLauncher.words(main));
        program.addAll(List.of(arguments));
    }

    /// What a child runs, given as a reference to a static method or as a lambda that captures nothing.
    ///
    /// Only its name travels to the child. It is serializable so that its name can be found; nothing is ever
    /// deserialized.
    @FunctionalInterface
    public interface Main extends Serializable {

        /// Runs in the child.
        ///
        /// @param arguments what [JavaCommand#of(Main, String...)] was given
        /// @throws Exception what ends the child with a stack trace and exit code 1
        void main(String[] arguments) throws Exception;
    }

    private JavaCommand(JavaCommand original) {
        main = original.main;
        name = original.name;
        options.addAll(original.options);
        program = original.program;
    }

    /// Returns a command that runs the `main` method of a class in a new JVM.
    ///
    /// In a program that was started as `java File.java` the class is the one that the file is named after,
    /// and is compiled once more.
    ///
    /// @param main a class that a new JVM can load from this JVM's class path or module path
    /// @param arguments what its `main` method gets
    /// @return the command
    /// @throws IllegalArgumentException if no new JVM can load the class
    /// @throws UnsupportedOperationException if this JVM's image has no `bin/java`, as one that jpackage made
    /// @throws java.io.UncheckedIOException if too few descriptors are left to ask for this JVM's options
    public static JavaCommand of(Class<?> main, String... arguments) {
        return new JavaCommand(main.getName(), main, arguments);
    }

    /// Returns a command that runs a static method in a new JVM, such as `Worker::run`.
    ///
    /// In a program that was started as `java File.java` the child compiles it once more.
    ///
    /// @param main a static method, or a lambda that captures nothing
    /// @param arguments what it gets
    /// @return the command
    /// @throws IllegalArgumentException if a new JVM cannot run it
    /// @throws UnsupportedOperationException if this JVM's image has no `bin/java`, as one that jpackage made
    /// @throws java.io.UncheckedIOException if too few descriptors are left to ask for this JVM's options
    public static JavaCommand of(Main main, String... arguments) {
        try {
            StaticMethod method = StaticMethod.of(main);
            var _ = StaticMethodMain.opened(method);
            var words = new ArrayList<>(method.words());
            words.addAll(List.of(arguments));
            Method named = method.method();
            String name = named.getDeclaringClass().getName() + "." + named.getName();
            return new JavaCommand(name, StaticMethodMain.class, words.toArray(String[]::new));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("what a child runs " + e.getMessage(), e);
        }
    }

    /// Limits the child's heap.
    ///
    /// @param bytes how large it may become, instead of as large as this JVM's own
    /// @return this
    public JavaCommand maxHeap(long bytes) {
        return limit("-Xmx", bytes);
    }

    /// Limits the memory of the child's direct buffers.
    ///
    /// @param bytes how much that may be
    /// @return this
    public JavaCommand maxDirectMemory(long bytes) {
        return limit("-XX:MaxDirectMemorySize=", bytes);
    }

    /// Limits the memory of the child's classes.
    ///
    /// @param bytes how much that may be
    /// @return this
    public JavaCommand maxMetaspace(long bytes) {
        return limit("-XX:MaxMetaspaceSize=", bytes);
    }

    /// Adds options of the JVM, which no allow-list looks at, and which override those of this JVM.
    ///
    /// @param added such as `-XX:+UseSerialGC`
    /// @return this
    public JavaCommand options(String... added) {
        options.addAll(List.of(added));
        return this;
    }

    /// Makes the child start faster, by an ahead-of-time cache of the JDK.
    ///
    /// Where there is no fitting cache yet, the child starts as usual, while more processes in the background make
    /// one, which takes some seconds of processor time; it is used from the next start on. They run nothing of
    /// the program, have the null device for their standard streams and none of its descriptors, and end with
    /// this JVM, however that ends. This is tried once per JVM, and once a day where it fails.
    ///
    /// The cache is kept under `XDG_CACHE_HOME`, or in `~/.cache`, in `dyad/aot`, in folders that belong only to
    /// this user. It is used by JVMs of the same JDK, with the same options and the same jars. It knows the jars
    /// on the class path up to the first folder; where Dyad is not in one of these, where there is a module
    /// path, or an option that is not on the allow-list, and where the folder can't be written, the child starts
    /// as without it. The reason is logged once, by the [System.Logger] `dev.dyad.process`, at the level `INFO`.
    /// `-Ddyad.aot=on` and `off` decide for all.
    ///
    /// @return this
    /// @see <a href="https://openjdk.org/jeps/514">JEP 514: Ahead-of-Time Command-Line Ergonomics</a>
    public JavaCommand aotCache() {
        cached = AotCache.isWanted(true);
        return this;
    }

    /// Returns the command, of which all but the program can still be changed. Later changes here do not
    /// affect it.
    ///
    /// @return a new command
    public Command command() {
        options.forEach(NativeText::require);
        program.forEach(NativeText::require);
        var command = Command.of(cached ? trained() : untrained());
        JavaLauncher.VARIABLES.forEach(command::withoutEnvironment);
        return command;
    }

    /// Starts the child, as [Command#spawn] does.
    ///
    /// @return the child, which the caller closes
    /// @throws IOException as [Command#spawn]
    public Child spawn() throws IOException {
        return command().spawn();
    }

    /// Names the class or the method that the child runs, for messages to people, and none of its arguments: one of
    /// them may be a password.
    @Override
    public String toString() {
        return "JavaCommand[" + name + "]";
    }

    private Command.Program untrained() {
        List<String> line = line(List.of());
        return () -> line;
    }

    private Command.Program trained() {
        if (!isOnClassPath()) {
            AotTraining.tellOnce("there is a module path");
            return untrained();
        }
        var copy = new JavaCommand(this);
        var training = new AotTraining(copy.options, classPath(), main);
        return new Command.Program() {
            @Override
            public List<String> words() {
                return copy.line(training.options());
            }

            @Override
            public void started() {
                training.start();
            }
        };
    }

    private List<String> line(List<String> first) {
        var line = new ArrayList<String>();
        line.add(JavaLauncher.path());
        line.addAll(first);
        line.addAll(options);
        addPath(line, "--module-path", path("jdk.module.path"));
        addPath(line, "--class-path", classPath());
        line.addAll(program);
        return line;
    }

    private JavaCommand limit(String option, long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("not a size: " + bytes);
        }
        return options(option + bytes);
    }

    private static boolean isOnClassPath() {
        return path("jdk.module.path").isEmpty();
    }

    private static List<String> classPath() {
        return path("java.class.path");
    }

    /// Returns the entries of a path, absolute for a child that starts in another folder.
    private static List<String> path(String property) {
        String path = System.getProperty(property, "");
        return path.isEmpty()
                ? List.of()
                : Stream.of(path.split(File.pathSeparator, -1))
                        .map(entry -> new File(entry).getAbsolutePath())
                        .toList();
    }

    private static void addPath(List<String> line, String option, List<String> path) {
        if (!path.isEmpty()) {
            line.addAll(ArgumentFile.words(option, String.join(File.pathSeparator, path)));
        }
    }
}
