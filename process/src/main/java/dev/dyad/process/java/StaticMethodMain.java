package dev.dyad.process.java;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;

/// The main class of a child that runs a static method, as `JavaCommand.of(Worker::run)` starts it.
public final class StaticMethodMain {

    private static final String OURS = "dev.dyad.process"; // as a module

    private StaticMethodMain() {}

    /// Runs the method that the first arguments name, with the others.
    public static void main(String[] arguments) throws Throwable {
        List<String> words = List.of(arguments);
        Method method = opened(StaticMethod.find(words.subList(0, StaticMethod.WORDS)));
        var others = words.subList(StaticMethod.WORDS, words.size()).toArray(String[]::new);
        try {
            method.invoke(null, (Object) others);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            throw cause == null ? e : cause;
        }
    }

    /// Returns a method that we may call.
    ///
    /// @throws IllegalArgumentException if its module does not let us
    public static Method opened(StaticMethod found) {
        Method method = found.method();
        if (!method.trySetAccessible()) {
            throw notOpened(method, StaticMethodMain.class, OURS);
        }
        return method;
    }

    /// Returns what to throw where the module of a method does not let a caller call it.
    ///
    /// @param name of the caller's module
    public static IllegalArgumentException notOpened(Method method, Class<?> caller, String name) {
        Class<?> owner = method.getDeclaringClass();
        return new IllegalArgumentException("is in package " + owner.getPackageName() + ", which " + owner.getModule()
                + " does not open to " + caller.getModule() + ": what helps is \"opens " + owner.getPackageName()
                + " to " + name + ";\" in its module-info");
    }
}
