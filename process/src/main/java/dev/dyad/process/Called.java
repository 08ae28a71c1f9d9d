package dev.dyad.process;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;

/// The main class of a child that runs a static method: what [JavaCommand#of(JavaCommand.Main, String...)] starts.
final class Called {

    private Called() {}

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
    static Method opened(StaticMethod found) {
        Method method = found.method();
        if (!method.trySetAccessible()) {
            Class<?> owner = method.getDeclaringClass();
            throw new IllegalArgumentException("is in package " + owner.getPackageName() + ", which "
                    + owner.getModule() + " does not open to " + Called.class.getModule() + ": what helps is \"opens "
                    + owner.getPackageName() + " to " + Called.class.getPackageName() + ";\" in its module-info");
        }
        return method;
    }
}
