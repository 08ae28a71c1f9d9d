package dev.dyad.process.java;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The static method behind a method reference or a lambda, whose name can travel to another JVM.
///
/// Nothing is serialized: what the reference would be written as is looked at, and only the method's name leaves
/// the process. What a lambda captured is for its user to send. Immutable.
public final class StaticMethod {

    /// How many words [#words] returns.
    public static final int WORDS = 4;

    private final Method method;
    private final List<@Nullable Object> captured;

    private StaticMethod(Method method, List<@Nullable Object> captured) {
        this.method = method;
        this.captured = captured;
    }

    /// Finds the static method behind a reference, and makes sure that a new JVM can find it too.
    ///
    /// @param reference a reference to a static method, or a lambda that captures nothing, of a serializable type
    /// @return the method
    /// @throws IllegalArgumentException if it is something else, in words that follow a noun: "must be …"
    public static StaticMethod of(Serializable reference) {
        SerializedLambda lambda = lambdaOf(reference);
        if (lambda.getCapturedArgCount() > 0) {
            throw refused("must not capture anything, for the child is a new JVM that has none of it; " + nameOf(lambda)
                    + " captures " + lambda.getCapturedArgCount());
        }
        return of(lambda, reference.getClass().getClassLoader());
    }

    /// Finds the static method behind a reference as [#of], for code that sends what it captured as well.
    ///
    /// @param reference a reference to a static method, or a lambda, of a serializable type
    /// @return the method, whose first parameters are for what is [#captured]
    /// @throws IllegalArgumentException if it is something else, in words that follow a noun: "must be …"
    public static StaticMethod ofCapturing(Serializable reference) {
        return of(lambdaOf(reference), reference.getClass().getClassLoader());
    }

    private static StaticMethod of(SerializedLambda lambda, @Nullable ClassLoader loader) {
        if (lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic) {
            throw refused("must be a static method or a lambda, not the instance method " + nameOf(lambda)
                    + (lambda.getCapturedArgCount() > 0 ? ", which needs the object that it is called on" : ""));
        }
        Class<?> owner = ownerOf(lambda, loader);
        Method method = declaredMethod(owner, lambda.getImplMethodName(), lambda.getImplMethodSignature());
        var captured = new ArrayList<@Nullable Object>();
        for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
            captured.add(lambda.getCapturedArg(i));
        }
        return new StaticMethod(method, captured);
    }

    private static SerializedLambda lambdaOf(Serializable reference) {
        SerializedLambda lambda = Capture.of(reference);
        if (lambda == null) {
            throw refused("must be a static method or a lambda, not an object of "
                    + reference.getClass().getTypeName());
        }
        return lambda;
    }

    private static String nameOf(SerializedLambda lambda) {
        return lambda.getImplClass().replace('/', '.') + "." + lambda.getImplMethodName();
    }

    /// Finds the method that [#words] are of, in the JVM that they were sent to.
    ///
    /// In a program that was started as `java File.java` this compiles it once more. The class loader becomes the
    /// thread's context class loader.
    ///
    /// @param words what [#words] returned
    /// @return the method
    /// @throws IOException if the program does not compile any more
    /// @throws ClassNotFoundException if the class is not there
    public static StaticMethod find(List<String> words) throws IOException, ClassNotFoundException {
        List<String> decoded =
                words.stream().map(word -> URLDecoder.decode(word, UTF_8)).toList();
        String file = decoded.getFirst();
        ClassLoader loader =
                file.isEmpty() ? StaticMethod.class.getClassLoader() : SourceCompiler.compile(Path.of(file));
        Thread.currentThread().setContextClassLoader(loader);
        Class<?> owner = Class.forName(decoded.get(1), false, loader);
        return new StaticMethod(declaredMethod(owner, decoded.get(2), decoded.get(3)), List.of());
    }

    /// Returns the method, which may not be accessible to the caller.
    ///
    /// @return a new object for it
    public Method method() {
        return declaredMethod(method.getDeclaringClass(), method.getName(), descriptor());
    }

    /// Returns what the lambda captured, for the method's first parameters.
    ///
    /// @return the very objects; empty for a method that was found by its words
    public List<@Nullable Object> captured() {
        return Collections.unmodifiableList(captured);
    }

    /// Returns what tells another JVM of this method, as arguments that survive every locale.
    ///
    /// @return so many words as [#WORDS]
    public List<String> words() {
        SourceProgram program = SourceProgram.of(method.getDeclaringClass());
        return Stream.of(
                        program == null ? "" : program.file().toString(),
                        method.getDeclaringClass().getName(),
                        method.getName(),
                        descriptor())
                .map(word -> URLEncoder.encode(word, UTF_8))
                .toList();
    }

    private String descriptor() {
        return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .toMethodDescriptorString();
    }

    private static Class<?> ownerOf(SerializedLambda lambda, @Nullable ClassLoader loader) {
        String name = lambda.getImplClass().replace('/', '.');
        try {
            Class<?> owner = Class.forName(name, false, loader);
            if (isLoadable(owner)) {
                return owner;
            }
            throw refused("is in " + name + ", which a new JVM cannot load: here it comes from the class loader "
                    + owner.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw refused("is in " + name + ", which no class loader can find again", e);
        }
    }

    private static boolean isLoadable(Class<?> owner) {
        ClassLoader loader = owner.getClassLoader();
        return loader == null
                || loader.equals(ClassLoader.getSystemClassLoader())
                || loader.equals(ClassLoader.getPlatformClassLoader())
                || FatJar.launcher(loader) != null
                || SourceProgram.of(owner) != null;
    }

    private static Method declaredMethod(Class<?> owner, String name, String descriptor) {
        Class<?>[] parameters = MethodType.fromMethodDescriptorString(descriptor, owner.getClassLoader())
                .parameterArray();
        try {
            return owner.getDeclaredMethod(name, parameters);
        } catch (NoSuchMethodException e) {
            throw refused("is " + owner.getName() + "." + name + descriptor + ", which is not in that class", e);
        }
    }

    private static IllegalArgumentException refused(String reason) {
        return refused(reason, null);
    }

    private static IllegalArgumentException refused(String reason, @Nullable Throwable cause) {
        return new IllegalArgumentException(reason, cause);
    }

    /// A stream that writes nothing, and sees what a lambda would be written as.
    ///
    /// The lambda's own `writeReplace` is private to its class; the JDK calls it, wherever that class is.
    private static final class Capture extends ObjectOutputStream {

        private @Nullable SerializedLambda seen;

        private Capture() throws IOException {
            super(OutputStream.nullOutputStream());
            enableReplaceObject(true);
        }

        static @Nullable SerializedLambda of(Serializable reference) {
            try (var capture = new Capture()) {
                capture.writeObject(reference);
                return capture.seen;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        protected @Nullable Object replaceObject(Object object) {
            if (object instanceof SerializedLambda lambda) {
                seen = lambda;
            }
            return null; // so that nothing that it captured is looked at
        }
    }
}
