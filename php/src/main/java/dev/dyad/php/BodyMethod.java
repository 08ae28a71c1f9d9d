package dev.dyad.php;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/// The static method behind a [Body], which is all of it that can travel to another JVM.
record BodyMethod(Method method) {

    /// Finds the method of a body, and makes sure that a new JVM can run it.
    ///
    /// @throws ValueError if it cannot
    static BodyMethod of(Body body) {
        SerializedLambda lambda = Capture.of(body);
        if (lambda == null) {
            throw refused("must be a static method or a lambda, not an object of "
                    + body.getClass().getTypeName());
        }
        String name = lambda.getImplClass().replace('/', '.') + "." + lambda.getImplMethodName();
        if (lambda.getCapturedArgCount() > 0) {
            throw refused("must not capture anything, for the child is a new JVM that has none of it; " + name
                    + " captures " + lambda.getCapturedArgCount());
        }
        if (lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic) {
            throw refused("must be a static method or a lambda, not the instance method " + name);
        }
        Class<?> owner = ownerOf(lambda, body.getClass().getClassLoader());
        return new BodyMethod(openMethod(owner, lambda.getImplMethodName(), lambda.getImplMethodSignature()));
    }

    /// Finds the method that [#of] found, in the JVM that runs it.
    static BodyMethod find(Class<?> owner, String name, String descriptor) {
        return new BodyMethod(openMethod(owner, name, descriptor));
    }

    Class<?> owner() {
        return method.getDeclaringClass();
    }

    String name() {
        return method.getName();
    }

    String descriptor() {
        return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .toMethodDescriptorString();
    }

    void run(Socket[] sockets) throws ReflectiveOperationException {
        method.invoke(null, (Object) sockets);
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
            throw refused("is in " + name + ", which no class loader can find again");
        }
    }

    private static boolean isLoadable(Class<?> owner) {
        ClassLoader loader = owner.getClassLoader();
        return loader == null
                || loader.equals(ClassLoader.getSystemClassLoader())
                || loader.equals(ClassLoader.getPlatformClassLoader())
                || SourceProgram.of(owner) != null;
    }

    private static Method openMethod(Class<?> owner, String name, String descriptor) {
        Method method = declaredMethod(owner, name, descriptor);
        if (!method.trySetAccessible()) {
            throw refused("is in package " + owner.getPackageName() + ", which " + owner.getModule()
                    + " does not open to " + BodyMethod.class.getModule());
        }
        return method;
    }

    private static Method declaredMethod(Class<?> owner, String name, String descriptor) {
        Class<?>[] parameters = MethodType.fromMethodDescriptorString(descriptor, owner.getClassLoader())
                .parameterArray();
        try {
            return owner.getDeclaredMethod(name, parameters);
        } catch (NoSuchMethodException e) {
            throw refused("is " + owner.getName() + "." + name + descriptor + ", which is not in that class");
        }
    }

    private static ValueError refused(String reason) {
        return new ValueError("pcntl_fork(): Argument #1 ($body) " + reason);
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

        static @Nullable SerializedLambda of(Body body) {
            try (var capture = new Capture()) {
                capture.writeObject(body);
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
