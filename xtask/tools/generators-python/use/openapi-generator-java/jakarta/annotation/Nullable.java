package jakarta.annotation;

/** As {@link Generated}. */
public @interface Nullable {}
