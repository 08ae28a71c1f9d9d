package dev.dyad.cli;

import dev.dyad.process.Signal;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/// The JDK's `sun.misc.Signal`, which is the only way to take a signal in a JVM.
///
/// By reflection, since javac has a warning for its name that nothing suppresses, and warnings are errors here.
final class JvmSignals {

    private JvmSignals() {}

    /// Runs `taken`, on a new thread, for each `signal` that comes from now on; one that is ignored stays so, as
    /// nohup and the background jobs of a shell want it.
    static void take(Signal signal, Runnable taken) {
        try {
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            Class<?> signals = Class.forName("sun.misc.Signal");
            Method handle = signals.getMethod("handle", signals, handlers);
            Object name = signals.getConstructor(String.class).newInstance(signal.name());
            Object before = handle.invoke(null, name, handler(handlers, taken));
            Object ignore = handlers.getField("SIG_IGN").get(null);
            if (ignore.equals(before)) {
                handle.invoke(null, name, ignore);
            }
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("not the sun.misc.Signal of a JDK", e);
        }
    }

    private static Object handler(Class<?> handlers, Runnable taken) {
        InvocationHandler calls = (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return method.invoke(taken, arguments); // equals, hashCode, toString
            }
            taken.run();
            return null;
        };
        return Proxy.newProxyInstance(handlers.getClassLoader(), new Class<?>[] {handlers}, calls);
    }
}
