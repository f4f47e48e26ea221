//! The programs, and what is known of each. They run in the root of the tree.
//!
//! In a word of a command line these stand for something else:
//!
//! | word | stands for |
//! |---|---|
//! | `{bin}` | where the programs of the tool's set are |
//! | `{own}` | the folder of the set's files in the tree, which has the tools' configuration |
//! | `{made}` | where everything is made; what a generator makes is in the folder of its name there |
//! | `{document}` | the document's path; the word is repeated where a tool is given several documents |
//! | `{family}` | the document's name in the form of an identifier, such as `graph_beta`; repeated in the same way |

/// The set of the programs for Node.
pub(super) const NODE: &str = "generators-node";
/// The set of the programs for Python, and of the one for Java, which Python's registry has.
pub(super) const PYTHON: &str = "generators-python";

/// A program and its arguments.
#[derive(Debug)]
pub(super) struct Tool {
    /// What people call it.
    pub(super) name: &'static str,
    /// The set that it belongs to.
    pub(super) set: &'static str,
    /// The program, then its arguments.
    pub(super) line: &'static [&'static str],
    /// What else than how it ends says that all is well.
    pub(super) output: Output,
}

/// What a program prints.
#[derive(Debug, Clone, Copy)]
pub(super) enum Output {
    /// Nothing that matters unless it fails.
    Any,
    /// Lines that begin with these, when all is well; any other line is a complaint.
    Lines(&'static [&'static str]),
}

/// A generator: it runs once for each document.
#[derive(Debug)]
pub(super) struct Maker {
    /// How it is run.
    pub(super) tool: Tool,
    /// What it makes of each thing that it is to make something of.
    pub(super) part: Part,
}

/// A text that is in one of the files, where `{name}` is the thing's name and `{camel}` the same in camel case. The
/// path of each file is a line in front of its own text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    /// Of each operation.
    Operation(&'static str),
    /// Of each schema.
    Schema(&'static str),
}

/// The generators, those that take longest first.
pub(super) static MAKERS: [Maker; 7] = [
    Maker {
        tool: python(
            "openapi-generator-java",
            &[
                "{bin}/openapi-generator-cli",
                "generate",
                "--generator-name=java",
                "--library=native",
                "--input-spec={document}",
                "--output={made}/openapi-generator-java/{family}",
                "--api-package=pimento.{family}.api",
                "--model-package=pimento.{family}.model",
                "--invoker-package=pimento.{family}",
                // To tell null from absent takes one more library; and a new parameter is not to change the others' places.
                "--additional-properties=openApiNullable=false,useJakartaEe=true,useSingleRequestParameter=true",
                NO_TESTS,
            ],
            Output::Lines(&[
                BANNER,
                INFO,
                SLIP,
                // Of the example in a method's comment.
                "[main] WARN  o.o.c.languages.AbstractJavaCodegen - Ignoring complex example on request body",
            ]),
        ),
        part: Part::Operation(" {camel}("),
    },
    Maker {
        tool: python(
            "openapi-generator-python",
            &[
                "{bin}/openapi-generator-cli",
                "generate",
                "--generator-name=python",
                "--input-spec={document}",
                "--output={made}/openapi-generator-python",
                "--additional-properties=packageName={family}",
                NO_TESTS,
            ],
            Output::Lines(&[BANNER, INFO, SLIP]),
        ),
        part: Part::Operation("    def {name}(\n"),
    },
    Maker {
        tool: python(
            "openapi-generator-typescript",
            &[
                "{bin}/openapi-generator-cli",
                "generate",
                "--generator-name=typescript-fetch",
                "--input-spec={document}",
                "--output={made}/openapi-generator-typescript/{family}",
                NO_TESTS,
            ],
            Output::Lines(&[BANNER, INFO, SLIP]),
        ),
        part: Part::Operation("    async {camel}("),
    },
    Maker {
        tool: python(
            "openapi-python-client",
            &[
                "{bin}/openapi-python-client",
                "generate",
                "--fail-on-warning",
                "--meta=none",
                "--config={own}/openapi-python-client.yaml",
                "--path={document}",
                "--output-path={made}/openapi-python-client/{family}",
            ],
            Output::Lines(&["Generating "]),
        ),
        part: Part::Operation("/{name}.py\n"),
    },
    Maker {
        tool: python(
            "datamodel-code-generator",
            &[
                "{bin}/datamodel-codegen",
                "--input-file-type=openapi",
                "--output-model-type=pydantic_v2.BaseModel",
                "--use-annotated",
                "--strict-refs",
                // Else it takes null for nothing that is required.
                "--strict-nullable",
                "--formatters=builtin",
                "--input={document}",
                "--output={made}/datamodel-code-generator/{family}.py",
            ],
            Output::Lines(&[]),
        ),
        part: Part::Schema("class {name}("),
    },
    Maker {
        tool: node(
            "hey-api",
            &[
                "{bin}/openapi-ts",
                "--no-log-file",
                "--input={document}",
                "--output={made}/hey-api/{family}",
            ],
            Output::Lines(&[
                "@hey-api/openapi-ts v",
                "[Job 1] ⏳ Generating from 1 input:",
                "[Job 1]   [1] ",
                "[Job 1] ✅ Done! Your output is in ",
            ]),
        ),
        part: Part::Operation("export const {camel} = <"),
    },
    Maker {
        tool: node(
            "openapi-typescript",
            &[
                "{bin}/openapi-typescript",
                "{document}",
                "--output={made}/openapi-typescript/{family}.ts",
            ],
            Output::Lines(&["✨ openapi-typescript ", "🚀 "]),
        ),
        part: Part::Operation("operations[\"{name}\"]"),
    },
];

const BANNER: &str = "#";
const INFO: &str = "[main] INFO ";
/// The program's own slip: it comes for every document that has a response with any schema, even `type: string`.
const SLIP: &str =
    "[main] WARN  o.o.codegen.utils.ModelUtils - Failed to get the schema name: null";
/// Beside each class it would make an empty test and a page.
const NO_TESTS: &str =
    "--global-property=apiTests=false,modelTests=false,apiDocs=false,modelDocs=false";

/// What the documents, and what was made of them, have to pass; those that take longest first.
pub(super) static CHECKS: [Tool; 10] = [
    node(
        "tsc",
        &["{bin}/tsc", "--project", "{made}/tsconfig.json"],
        Output::Any,
    ),
    node(
        "spectral",
        &[
            "{bin}/spectral",
            "lint",
            "--fail-severity=hint",
            "--ruleset={own}/spectral.yaml",
            "{document}",
        ],
        Output::Any,
    ),
    node(
        "redocly",
        &[
            "{bin}/redocly",
            "lint",
            "--config={own}/redocly.yaml",
            "{document}",
        ],
        Output::Any,
    ),
    python(
        "javac",
        &[
            "{bin}/python",
            "{own}/javac.py",
            "{made}/openapi-generator-java",
        ],
        Output::Any,
    ),
    python(
        "mypy openapi-python-client",
        &[
            "{bin}/mypy",
            "--strict",
            "--cache-dir=/dev/null",
            "{made}/openapi-python-client",
        ],
        Output::Any,
    ),
    python(
        "mypy openapi-generator-python",
        // What the generator brings along is not written for `--strict`.
        &[
            "{bin}/mypy",
            "--check-untyped-defs",
            "--warn-unused-ignores",
            "--cache-dir=/dev/null",
            "{made}/openapi-generator-python/use.py",
            "{made}/openapi-generator-python/{family}",
        ],
        Output::Any,
    ),
    python(
        "mypy datamodel-code-generator",
        &[
            "{bin}/mypy",
            "--strict",
            "--cache-dir=/dev/null",
            "{made}/datamodel-code-generator",
        ],
        Output::Any,
    ),
    python(
        "examples openapi-python-client",
        &[
            "{bin}/python",
            "{own}/examples.py",
            "{made}/openapi-python-client",
            "{made}/{family}.json",
        ],
        Output::Any,
    ),
    python(
        "examples openapi-generator-python",
        &[
            "{bin}/python",
            "{own}/examples.py",
            "{made}/openapi-generator-python",
            "{made}/{family}.json",
        ],
        Output::Any,
    ),
    python(
        "examples datamodel-code-generator",
        &[
            "{bin}/python",
            "{own}/examples.py",
            "{made}/datamodel-code-generator",
            "{made}/{family}.json",
        ],
        Output::Any,
    ),
];

const fn node(name: &'static str, line: &'static [&'static str], output: Output) -> Tool {
    Tool {
        name,
        set: NODE,
        line,
        output,
    }
}

const fn python(name: &'static str, line: &'static [&'static str], output: Output) -> Tool {
    Tool {
        name,
        set: PYTHON,
        line,
        output,
    }
}
