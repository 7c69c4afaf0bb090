# Makes models/head-attributes again: make -C models/training -f attributes.mk
# Pictures: environment MINGZAO_DATA, or ../shared/data beside the repository. Work files: .training/attributes/.

export PYTHONDONTWRITEBYTECODE = 1
PYTHON ?= python3
THREADS ?= 1
WORK ?= ../../.training/attributes

all: ../head-attributes/evaluation.json

# Heads that the reference detector finds; only labelling and pseudo-labels read them.
$(WORK)/found.csv: attributes_find.py
	$(PYTHON) attributes_find.py

$(WORK)/teacher-0.done: attributes.yml $(wildcard labels/attributes_*.csv)
	$(PYTHON) attributes_train.py --run teacher --threads $(THREADS)
	touch $@

$(WORK)/student-0.done: $(WORK)/teacher-0.done $(WORK)/found.csv
	$(PYTHON) attributes_pseudo.py --teachers teacher-0
	$(PYTHON) attributes_train.py --run student --student --begin teacher-0 --threads $(THREADS)
	touch $@

# Needs models/heads: faces are learnt in the heads that it finds.
../head-attributes/model.yml: $(WORK)/student-0.done attributes_export.py face_train.py face_export.py
	$(PYTHON) attributes_export.py --checkpoint student-0
	$(PYTHON) face_train.py --threads $(THREADS)
	$(PYTHON) face_export.py

../head-attributes/evaluation.json: ../head-attributes/model.yml attributes_evaluate.py
	$(PYTHON) attributes_evaluate.py
	$(PYTHON) face_evaluate.py

.PHONY: all
