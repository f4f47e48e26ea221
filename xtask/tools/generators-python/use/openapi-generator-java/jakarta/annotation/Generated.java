package jakarta.annotation;

/** Stands for the one of Jakarta Annotations, the only library that the code needs and the generator does not bring. */
public @interface Generated {
    String[] value();

    String date() default "";

    String comments() default "";
}
