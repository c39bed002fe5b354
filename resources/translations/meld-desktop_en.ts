<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>NewLinkPanel</name>
    <message numerus="yes">
        <source>%n more problem(s) are marked in the form.</source>
        <translation>
            <numerusform>%n more problem is marked in the form.</numerusform>
            <numerusform>%n more problems are marked in the form.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Outcomes</name>
    <message numerus="yes">
        <source>%n account(s)</source>
        <translation>
            <numerusform>%n account</numerusform>
            <numerusform>%n accounts</numerusform>
        </translation>
    </message>
</context>
</TS>
