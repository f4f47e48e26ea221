"""Compiles every Java file below a folder, with the libraries that openapi-generator itself is packed with.

    javac.py FOLDER
"""

import importlib.resources
import pathlib
import subprocess
import sys

folder = pathlib.Path(sys.argv[1])
jar = importlib.resources.files("openapi_generator_cli") / "openapi-generator.jar"
sources = sorted(map(str, folder.rglob("*.java")))
command = ["javac", "-J-XX:TieredStopAtLevel=1", "-proc:none", "-Xlint:-options", "-Werror", "-d", str(folder / "classes"), "-cp", str(jar)]
sys.exit(subprocess.run([*command, *sources], check=False).returncode)
